// SPDX-License-Identifier: Apache-2.0
/**
 * IAM policies before a local DynamoDB server, which knows none: {@link
 * io.dimstore.stack.dynamodb.policy.PolicyProxy} refuses what a policy does not allow, and tells
 * what was used.
 */
@NullMarked
package io.dimstore.stack.dynamodb.policy;

import org.jspecify.annotations.NullMarked;
