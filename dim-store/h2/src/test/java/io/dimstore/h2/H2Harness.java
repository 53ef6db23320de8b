// SPDX-License-Identifier: Apache-2.0
package io.dimstore.h2;

import io.dimstore.spi.DataType;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** Reaches the store under test, and has its database misbehave through a connection of its own. */
final class H2Harness implements StoreHarness {

  private final String url;
  private final Connection admin;

  H2Harness(String url) {
    this.url = url;
    try {
      admin = DriverManager.getConnection(url, "sa", "");
      execute("CREATE USER limited PASSWORD ''");
      execute("ALTER USER limited ADMIN TRUE");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String store() {
    return "h2";
  }

  @Override
  public Map<String, String> options() {
    return Map.of("url", url);
  }

  @Override
  public Map<String, String> provokedOptions() {
    return Map.of("user", "limited");
  }

  @Override
  public boolean holdsValuesOf(DataType type) {
    return type.isAtomic();
  }

  @Override
  public Map<Provocation, String> unsupportedProvocations() {
    Map<Provocation, String> cannot = Provocation.none("an embedded database never does this");
    cannot.remove(Provocation.DENIED);
    cannot.remove(Provocation.STUCK);
    cannot.remove(Provocation.AWAY);
    return cannot;
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    return switch (what) {
      case DENIED -> provoked("ALTER USER limited ADMIN FALSE", "ALTER USER limited ADMIN TRUE");
      // Mode 1 pauses the statements of other connections. Mode 2 closes them and refuses new ones.
      case STUCK -> provoked("SET EXCLUSIVE 1", "SET EXCLUSIVE 0");
      case AWAY -> provoked("SET EXCLUSIVE 2", "SET EXCLUSIVE 0");
      default -> throw new UnsupportedOperationException(what + " cannot be provoked");
    };
  }

  private Runnable provoked(String begin, String end) {
    execute(begin);
    // A change of the schema has sessions check their rights anew.
    if (!begin.startsWith("SET")) {
      execute("CREATE SEQUENCE changed");
      execute("DROP SEQUENCE changed");
    }
    return () -> execute(end);
  }

  private void execute(String sql) {
    try (var statement = admin.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      admin.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
