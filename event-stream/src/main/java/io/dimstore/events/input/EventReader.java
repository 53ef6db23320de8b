// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.input;

import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Reads an input once. A dimension change is returned before the event that shows it. Not
 * thread-safe.
 *
 * <p>{@link #hasNext} and {@link #next} throw {@link EventStreamException} if the input cannot be
 * read any further. A line that cannot become an event does not fail the reader: it is refused and
 * counted.
 */
public final class EventReader implements Iterator<StreamRecord>, AutoCloseable {

  /**
   * Size of the block in which values are hashed. A digest call per value costs more than the
   * hashing.
   */
  private static final int BLOCK = 32 * 1024;

  private final RecordSource source;
  private final ArrayDeque<StreamRecord> ready = new ArrayDeque<>();
  private final JsonEncoder encoder = new JsonEncoder();
  private final MessageDigest digest = newSha256();
  private byte[] block = new byte[BLOCK];
  private int blockLength;
  private long events;
  private long userChanges;
  private long itemChanges;

  public EventReader(RecordSource source) {
    this.source = source;
  }

  @Override
  public boolean hasNext() {
    try {
      while (ready.isEmpty()) {
        if (!source.next(ready::add)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new EventStreamException(
          "reading failed at " + source.position() + ": " + describe(e), e);
    }
  }

  @Override
  public StreamRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    StreamRecord record = ready.remove();
    count(record);
    hash(record);
    return record;
  }

  /**
   * Returns the counts of the records returned so far. The counts add up only when the reader is at
   * its end: before that, records of the last line may not have been returned yet.
   */
  public InputReport report() {
    return new InputReport(
        source.linesRead(), source.refused(), events, userChanges, itemChanges, sha256());
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw new EventStreamException("cannot close " + source.position() + ": " + describe(e), e);
    }
  }

  private void count(StreamRecord record) {
    if (record instanceof Event) {
      events++;
    } else if (record instanceof UserChange) {
      userChanges++;
    } else {
      itemChanges++;
    }
  }

  private void hash(StreamRecord record) {
    var value = encoder.encode(record);
    int size = value.remaining();
    if (blockLength + size + 1 > block.length) {
      digest.update(block, 0, blockLength);
      blockLength = 0;
      if (size + 1 > block.length) {
        block = Arrays.copyOf(block, size + 1);
      }
    }
    value.get(block, blockLength, size);
    blockLength += size;
    block[blockLength++] = '\n';
  }

  private String sha256() {
    digest.update(block, 0, blockLength);
    blockLength = 0;
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this JDK's SHA-256 cannot be cloned", e);
    }
  }

  private static String describe(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
