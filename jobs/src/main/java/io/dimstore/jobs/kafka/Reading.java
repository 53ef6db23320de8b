// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

/**
 * How a job reads its topics.
 *
 * @param groupId the consumer group
 * @param startFrom where to begin without a checkpoint
 * @param bounded whether to stop at the end that the topics have when the job starts
 * @param lostRecords what to do if a topic no longer holds records that were not read
 */
public record Reading(
    String groupId, StartFrom startFrom, boolean bounded, LostRecords lostRecords) {}
