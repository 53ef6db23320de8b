package io.dimstore.events;

/** When events are to be sent, measured from the start of the transfer. */
public sealed interface Pace {

  /** Each as soon as the output takes it. There is no schedule, hence no lag behind one. */
  record Unpaced() implements Pace {}

  /**
   * Open loop: event n (from 0) is due n / perSecond seconds after the start, however long the
   * output took for those before it.
   */
  record Rate(double perSecond) implements Pace {

    /** Refuses rates that are not positive numbers. */
    public Rate {
      requirePositive("rate", perSecond);
    }
  }

  /**
   * Open loop along event time: an event is due when its distance from the first event, divided by
   * the factor, has passed. An event older than the one before it is due together with that.
   */
  record Speed(double factor) implements Pace {

    /** Refuses factors that are not positive numbers. */
    public Speed {
      requirePositive("speed", factor);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + " and must be above 0");
    }
  }
}
