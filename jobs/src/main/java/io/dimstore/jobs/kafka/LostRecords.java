// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.util.Locale;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.apache.flink.configuration.description.TextElement;

/** What a reader does if Kafka has deleted records that the reader has not read yet. */
public enum LostRecords implements DescribedEnum {
  /** The job fails and is not restarted. */
  FAIL("The job fails and is not restarted; the message names the offsets and the remedy."),

  /** The reader continues at the first remaining record, logs the gap and counts it. */
  SKIP(
      "The reader continues at the first remaining record, logs the gap and adds it to the metric"
          + " lostRecords.");

  private final String text;

  LostRecords(String text) {
    this.text = text;
  }

  @Override
  public InlineElement getDescription() {
    return TextElement.text(text);
  }

  /** The value as it is written in the options of a table. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
