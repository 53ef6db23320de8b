// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A named text that several processes share; see {@link SharedRecords}.
 *
 * @param name the record's name
 * @param revision above 0; each successful {@link SharedRecords#replace} raises it by 1
 * @param content the text
 */
public record SharedRecord(String name, long revision, String content) {}
