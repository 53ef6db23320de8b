// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.io.Serializable;
import java.util.Map;

/**
 * Where a reader starts, and what it does about lost records.
 *
 * @param clientProperties the properties by which an admin client reaches the brokers
 * @param groupId the consumer group
 * @param fromCommitted whether a partition without state starts at the committed offset of the
 *     group. If not, or if the group has committed nothing, it starts at its first record
 * @param lostRecords what to do if records were deleted before they were read
 */
record ReadPolicy(
    Map<String, String> clientProperties,
    String groupId,
    boolean fromCommitted,
    LostRecords lostRecords)
    implements Serializable {}
