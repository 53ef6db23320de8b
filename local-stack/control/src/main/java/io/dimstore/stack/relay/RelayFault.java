package io.dimstore.stack.relay;

import java.time.Duration;

/** The faults of a network that every operation of a store is tested under, by a relay. */
public enum RelayFault {
  /** All that passes takes a tenth of a second longer. */
  SLOW(false) {
    @Override
    public void begin(Relay relay) {
      relay.delay(Duration.ofMillis(50));
    }
  },
  /** Connections are accepted, and nothing passes. */
  FROZEN(true) {
    @Override
    public void begin(Relay relay) {
      relay.freeze();
    }
  },
  /** The peers of the open connections have vanished without a word; new connections work. */
  HALF_OPEN(false) {
    @Override
    public void begin(Relay relay) {
      relay.vanish();
    }
  },
  /** Requests reach the server, answers do not reach the client. */
  ONE_WAY(true) {
    @Override
    public void begin(Relay relay) {
      relay.stop(Direction.ANSWERS);
    }
  },
  /** Requests reach the server when it is over, after their clients gave up. */
  LATE(true) {
    @Override
    public void begin(Relay relay) {
      relay.stop(Direction.REQUESTS);
    }
  },
  /** The open connections are reset. */
  CUT(false) {
    @Override
    public void begin(Relay relay) {
      relay.cut();
    }
  },
  /** The open connections are reset, and new ones refused. */
  DOWN(true) {
    @Override
    public void begin(Relay relay) {
      relay.refuse();
      relay.cut();
    }
  };

  private final boolean stopsAll;

  RelayFault(boolean stopsAll) {
    this.stopsAll = stopsAll;
  }

  /** Begins the fault. */
  public abstract void begin(Relay relay);

  /** Ends the fault for what is new; connections whose peer vanished stay as they are. */
  public void end(Relay relay) {
    relay.heal();
  }

  /** Whether no request is answered while the fault lasts. */
  public boolean stopsAll() {
    return stopsAll;
  }
}
