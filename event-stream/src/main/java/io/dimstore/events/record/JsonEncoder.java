// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes records as JSON in UTF-8 without blanks. All fields are always present and in one order.
 * Text is escaped only where JSON requires it. Equal records give equal bytes on every machine.
 *
 * <p>Not thread-safe: an encoder reuses one buffer. Text with an unpaired surrogate, which UTF-8
 * cannot encode, fails with {@link IllegalArgumentException}.
 */
public final class JsonEncoder {

  private final JsonBuffer json = new JsonBuffer();

  /** Returns the bytes of the record's key. */
  public byte[] key(StreamRecord record) {
    return record.key().getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the bytes of the record's value in a new array. */
  public byte[] value(StreamRecord record) {
    write(record);
    return json.copy();
  }

  /** Returns the bytes of a refused line in a new array. */
  public byte[] value(RefusedLine refused) {
    json.clear();
    json.ascii("{\"line\":").number(refused.line());
    json.ascii(",\"reason\":").text(refused.reason());
    json.ascii(",\"raw\":").text(refused.raw()).ascii("}");
    return json.copy();
  }

  /**
   * Returns the bytes of the record's value in the encoder's own buffer, valid until the next call.
   */
  public ByteBuffer encode(StreamRecord record) {
    write(record);
    return json.view();
  }

  private void write(StreamRecord record) {
    json.clear();
    if (record instanceof Event event) {
      event(event);
    } else if (record instanceof UserChange change) {
      userChange(change);
    } else {
      itemChange((ItemChange) record);
    }
  }

  private void event(Event event) {
    json.ascii("{\"event_id\":").text(event.eventId());
    json.ascii(",\"user_id\":").text(event.userId());
    json.ascii(",\"item_id\":").text(event.itemId());
    json.ascii(",\"event_type\":\"").ascii(event.type().text());
    json.ascii("\",\"quantity\":").number(event.quantity());
    json.ascii(",\"amount\":").number(event.amount());
    json.ascii(",\"event_time\":").time(event.timeMillis()).ascii("}");
  }

  private void userChange(UserChange change) {
    json.ascii("{\"op\":\"")
        .ascii(change.op().text())
        .ascii("\",\"user_id\":")
        .text(change.userId());
    if (change.op() == ChangeOp.UPSERT) {
      json.ascii(",\"country\":").text(change.country());
      json.ascii(",\"level\":").number(change.level());
    }
    json.ascii(",\"version\":").number(change.version()).ascii("}");
  }

  private void itemChange(ItemChange change) {
    json.ascii("{\"op\":\"")
        .ascii(change.op().text())
        .ascii("\",\"item_id\":")
        .text(change.itemId());
    if (change.op() == ChangeOp.UPSERT) {
      json.ascii(",\"title\":").text(change.title());
      json.ascii(",\"category\":").text(change.category());
      json.ascii(",\"list_price\":").number(change.listPrice());
    }
    json.ascii(",\"version\":").number(change.version()).ascii("}");
  }
}
