package io.dimstore.events;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Says every two seconds how many events have left. */
final class Progress implements LongConsumer {

  private static final long INTERVAL_NANOS = 2_000_000_000L;

  private final PrintWriter out;
  private final LongSupplier nanos;
  private long reportedAt;
  private long reportedEvents;

  Progress(PrintWriter out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
    this.reportedAt = nanos.getAsLong();
  }

  @Override
  public void accept(long events) {
    long now = nanos.getAsLong();
    long since = now - reportedAt;
    if (since >= INTERVAL_NANOS) {
      double perSecond = (events - reportedEvents) * 1e9 / since;
      out.printf(Locale.ROOT, "%,d events (%,.0f/s)%n", events, perSecond);
      out.flush();
      reportedAt = now;
      reportedEvents = events;
    }
  }
}
