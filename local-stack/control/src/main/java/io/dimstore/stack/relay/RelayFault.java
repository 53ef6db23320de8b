// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import java.time.Duration;

/** The network faults under which every operation of a store is tested, simulated by a relay. */
public enum RelayFault {
  /** Every piece is delayed by a tenth of a second. */
  SLOW(false) {
    @Override
    public void begin(Relay relay) {
      relay.delay(Duration.ofMillis(50));
    }
  },
  /** Connections are accepted, but no data is passed on. */
  FROZEN(true) {
    @Override
    public void begin(Relay relay) {
      relay.freeze();
    }
  },
  /** The open connections lose all data without an end or reset. New connections work. */
  HALF_OPEN(false) {
    @Override
    public void begin(Relay relay) {
      relay.vanish();
    }
  },
  /** Requests reach the server, but answers do not reach the client. */
  ONE_WAY(true) {
    @Override
    public void begin(Relay relay) {
      relay.stop(Direction.ANSWERS);
    }
  },
  /** Requests reach the server only when the fault ends, after their clients have given up. */
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
  /** The open connections are reset and new ones are refused. */
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

  /** Starts the fault. */
  public abstract void begin(Relay relay);

  /** Ends the fault for new connections. Connections that have lost data stay as they are. */
  public void end(Relay relay) {
    relay.heal();
  }

  /** Returns whether no request is answered while the fault lasts. */
  public boolean stopsAll() {
    return stopsAll;
  }
}
