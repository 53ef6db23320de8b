// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.spi.StoreException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection that one thread uses and that any thread may close. Each connection is closed
 * exactly once, also if {@link #close} runs while the connection is being opened. Thread-safe;
 * holds no lock while a connection opens or closes.
 *
 * @param <C> the connection
 */
final class ConnectionHolder<C> {

  private final Supplier<C> opening;
  private final Consumer<C> closing;
  private final AtomicReference<@Nullable C> held = new AtomicReference<>();
  private volatile boolean closed;

  /** Creates a holder without a connection. */
  ConnectionHolder(Supplier<C> opening, Consumer<C> closing) {
    this.opening = opening;
    this.closing = closing;
  }

  /**
   * Returns the connection; opens one if there is none. Only one thread calls this method.
   *
   * @throws StoreException CLOSED after {@link #close}
   */
  C take() {
    C open = held.get();
    if (open != null) {
      return open;
    }
    if (closed) {
      throw ServerConnections.closedException();
    }
    C made = opening.get();
    held.set(made);
    if (closed) {
      // close() has run since and may have found no connection.
      release();
      throw ServerConnections.closedException();
    }
    return made;
  }

  /** Whether there is an open connection. */
  boolean isOpen() {
    return held.get() != null;
  }

  /** Closes the connection, if there is one. The next {@link #take} opens another one. */
  void release() {
    C open = held.getAndSet(null);
    if (open != null) {
      closing.accept(open);
    }
  }

  /** Closes the connection, if there is one, and one that is being opened. */
  void close() {
    closed = true;
    release();
  }
}
