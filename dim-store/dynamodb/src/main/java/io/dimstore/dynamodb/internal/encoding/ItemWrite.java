// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Key;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A complete item to write.
 *
 * @param key its key, which no other item of the batch has
 * @param version its version
 * @param item its attributes
 * @param bytes its size as the service counts it
 * @param statements the statements of its layout
 */
public record ItemWrite(
    Key key, long version, Map<String, AttributeValue> item, int bytes, Statements statements) {}
