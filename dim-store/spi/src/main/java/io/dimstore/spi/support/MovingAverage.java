// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

/**
 * An exponentially weighted moving average. Each new value moves the average by a fixed part of
 * their difference, so that older values count less and less. Thread-safe.
 */
public final class MovingAverage {

  private final double weight;
  private volatile double average;
  private boolean assumed;

  private MovingAverage(double first, double weight, boolean assumed) {
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight is not above 0 and at most 1: " + weight);
    }
    this.average = first;
    this.weight = weight;
    this.assumed = assumed;
  }

  /**
   * Creates an average that begins with this value as the first one.
   *
   * @param weight the part of the difference by which a value moves the average, above 0 and at
   *     most 1; about {@code 2 / weight} values determine the average
   */
  public static MovingAverage startingAt(double first, double weight) {
    return new MovingAverage(first, weight, false);
  }

  /** Creates an average that is the assumed value until the first value replaces it. */
  public static MovingAverage assuming(double value, double weight) {
    return new MovingAverage(value, weight, true);
  }

  /** Returns the average. */
  public double value() {
    return average;
  }

  /** Adds a value. */
  public synchronized void add(double value) {
    average = assumed ? value : average + (value - average) * weight;
    assumed = false;
  }

  /** Restarts the average with this value as the first one. */
  public synchronized void reset(double first) {
    average = first;
    assumed = false;
  }
}
