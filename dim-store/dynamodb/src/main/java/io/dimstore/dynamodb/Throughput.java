package io.dimstore.dynamodb;

/**
 * The reads of a table, or its writes: at what rate they go, what one entry takes, and which keys
 * they are about. Thread-safe.
 *
 * @param bucket lets requests go
 * @param perKey what one key took lately
 * @param perScanned what one entry of a scan took lately: small ones share a unit
 * @param hot which keys are asked for the most
 */
record Throughput(UnitBucket bucket, Smoothed perKey, Smoothed perScanned, HotKeyReport hot) {

  /** A figure that follows what it is told: the first at once, then a fifth of the way. */
  static final class Smoothed {
    private volatile double value;
    private volatile boolean told;

    Smoothed(double first) {
      this.value = first;
    }

    double value() {
      return value;
    }

    void add(double next) {
      value = told ? value + (next - value) / 5 : next;
      told = true;
    }
  }
}
