package io.dimstore.bench;

import io.dimstore.events.Event;
import io.dimstore.events.EventInput;
import io.dimstore.events.EventReader;
import io.dimstore.events.InputReport;
import io.dimstore.events.JsonEncoder;
import io.dimstore.events.StreamRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole input, read once and given to every arm: what is compared must not depend on reading it
 * again.
 *
 * @param events in the order of the input
 * @param changes the dimension changes, in the order of the input
 * @param report counts and hash
 */
record InputData(List<Encoded> events, List<Encoded> changes, InputReport report) {

  /** A record and the bytes of its Kafka message. */
  record Encoded(StreamRecord record, byte[] key, byte[] value) {}

  static InputData read(EventInput input, Progress progress) {
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
