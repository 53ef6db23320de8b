// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import io.dimstore.cli.Progress;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.input.InputReport;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.StreamRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole input. It is read once and passed to every arm, so that reading it again cannot change
 * what is compared.
 *
 * @param events the events, in the order of the input
 * @param changes the dimension changes, in the order of the input
 * @param report the counts and the hash of the input
 */
public record InputData(List<Encoded> events, List<Encoded> changes, InputReport report) {

  /** A record, with the key and value bytes of its Kafka message. */
  public record Encoded(StreamRecord record, byte[] key, byte[] value) {}

  public static InputData read(EventInput input, Progress progress) {
    List<Encoded> events = new ArrayList<>();
    List<Encoded> changes = new ArrayList<>();
    JsonEncoder encoder = new JsonEncoder();
    try (EventReader reader = input.open(line -> {})) {
      while (reader.hasNext()) {
        StreamRecord record = reader.next();
        Encoded encoded = new Encoded(record, encoder.key(record), encoder.value(record));
        if (record instanceof Event) {
          events.add(encoded);
          progress.update("reading input", events.size(), -1);
        } else {
          changes.add(encoded);
        }
      }
      return new InputData(events, changes, reader.report());
    }
  }
}
