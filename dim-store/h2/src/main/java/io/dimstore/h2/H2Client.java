// SPDX-License-Identifier: Apache-2.0
package io.dimstore.h2;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.ordered.Entry;
import io.dimstore.spi.support.ordered.OrderedClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Keeps each dimension table as a table of the database, with one row for each entry. */
final class H2Client implements OrderedClient<Connection> {

  private static final Set<Integer> NO_TABLE = Set.of(42102, 42103, 42104);
  private static final Set<Integer> DENIED = Set.of(28000, 90040, 90096);

  /** Errors that only another URL can fix: its form, its settings, or a database that is absent. */
  private static final Set<Integer> WRONG_URL =
      Set.of(
          ErrorCode.URL_RELATIVE_TO_CWD,
          ErrorCode.URL_FORMAT_ERROR_2,
          ErrorCode.DATABASE_NOT_FOUND_1,
          ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1,
          ErrorCode.REMOTE_DATABASE_NOT_FOUND_1,
          ErrorCode.INVALID_DATABASE_NAME_1,
          ErrorCode.UNSUPPORTED_SETTING_1,
          ErrorCode.UNSUPPORTED_SETTING_COMBINATION,
          ErrorCode.UNSUPPORTED_CIPHER,
          ErrorCode.DUPLICATE_PROPERTY_1);

  private static final Pattern SECRET = Pattern.compile("(?i);\\s*password\\s*=");

  private static final String INDEX_PREFIX = "ends_of_";

  /** How many keys one SELECT reads. */
  private static final int KEYS_PER_QUERY = 64;

  private final String url;
  private final Properties user = new Properties();

  H2Client(StoreConfig config) {
    this.url = config.get(H2StoreFactory.URL);
    String password = config.find(H2StoreFactory.PASSWORD);
    if (SECRET.matcher(url).find()) {
      // H2 repeats the URL in its messages.
      throw StoreException.invalid(
          "Option 'url' of store 'h2' contains a password: use option 'password'");
    }
    user.setProperty("user", config.get(H2StoreFactory.USER));
    user.setProperty("password", password == null ? "" : password);
  }

  @Override
  public Connection connect() throws SQLException {
    Connection connection = new org.h2.Driver().connect(url, user);
    if (connection == null) {
      throw StoreException.invalid("Option 'url' is no JDBC URL of H2: '" + url + "'");
    }
    return connection;
  }

  /** Ends a transaction that a failed call left open. Throws if the connection is broken. */
  @Override
  public boolean reset(Connection connection) throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    return true;
  }

  @Override
  public void close(Connection connection) throws SQLException {
    connection.close();
  }

  /**
   * Lock timeouts, deadlocks and duplicate keys are UNAVAILABLE, too: another attempt succeeds. So
   * are all other failures, except those that only a change of the request or the options can fix.
   */
  @Override
  public StoreException failureOf(Exception e) {
    String message = "Store 'h2': " + e.getMessage();
    if (!(e instanceof SQLException sql)) {
      return new StoreException(Kind.INVALID, message, e);
    }
    int code = sql.getErrorCode();
    if (WRONG_URL.contains(code)) {
      return new StoreException(Kind.INVALID, message + ". Correct option 'url'.", e);
    }
    Kind kind =
        NO_TABLE.contains(code)
            ? Kind.NO_TABLE
            : DENIED.contains(code)
                ? Kind.DENIED
                : isRefused(sql) ? Kind.INVALID : Kind.UNAVAILABLE;
    return new StoreException(kind, message, e);
  }

  /** Returns whether the failure is of the classes data, syntax or unsupported feature. */
  private static boolean isRefused(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("42") || state.startsWith("0A");
  }

  @Override
  public void ping(Connection connection) throws SQLException {
    execute(connection, "SELECT 1");
  }

  @Override
  public void create(Connection connection, String table, String declaration) throws SQLException {
    execute(
        connection,
        """
        CREATE TABLE IF NOT EXISTS %s (key_bytes VARBINARY(%d) PRIMARY KEY COMMENT '%s',
          version BIGINT, expires_at BIGINT, ends_at BIGINT, row_bytes VARBINARY(%2$d))
        """
            .formatted(quoted(table), maxBytes(), declaration.replace("'", "''")));
    execute(
        connection,
        "CREATE INDEX IF NOT EXISTS %s ON %s (ends_at)"
            .formatted(quoted(INDEX_PREFIX + table), quoted(table)));
  }

  @Override
  public @Nullable String declaration(Connection connection, String table) throws SQLException {
    String sql =
        "SELECT remarks FROM information_schema.columns"
            + " WHERE table_schema = SCHEMA() AND table_name = ? AND ordinal_position = 1";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, table);
      ResultSet columns = query.executeQuery();
      return columns.next() ? columns.getString(1) : null;
    }
  }

  @Override
  public void read(Connection connection, String table, List<byte[]> keys, Consumer<Entry> found)
      throws SQLException {
    for (int from = 0; from < keys.size(); from += KEYS_PER_QUERY) {
      List<byte[]> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_QUERY));
      // Two forms, so that the database parses few queries: the last key fills the list.
      int size = some.size() == 1 ? 1 : KEYS_PER_QUERY;
      String sql = select(table) + " WHERE key_bytes IN (?" + ", ?".repeat(size - 1) + ")";
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        for (int i = 0; i < size; i++) {
          query.setBytes(i + 1, some.get(Math.min(i, some.size() - 1)));
        }
        forEach(query, found);
      }
    }
  }

  @Override
  public void scan(
      Connection connection,
      String table,
      byte[] from,
      byte @Nullable [] to,
      int limit,
      Consumer<Entry> found)
      throws SQLException {
    String end = " ORDER BY key_bytes LIMIT " + limit;
    try (PreparedStatement query = range(connection, select(table), from, to, end)) {
      forEach(query, found);
    }
  }

  @Override
  public List<byte[]> bounds(
      Connection connection, String table, byte[] from, byte @Nullable [] to, int parts)
      throws SQLException {
    List<byte[]> bounds = new ArrayList<>();
    long count = 0;
    String rows = "SELECT COUNT(*) FROM " + quoted(table);
    try (PreparedStatement query = range(connection, rows, from, to, "")) {
      ResultSet counted = query.executeQuery();
      count = counted.next() ? counted.getLong(1) : 0;
    }
    long step = Math.max(1, count / parts);
    for (long at = step; at < count && bounds.size() < parts - 1; at += step) {
      String nth = " ORDER BY key_bytes OFFSET " + at + " ROWS FETCH FIRST ROW ONLY";
      try (PreparedStatement query = range(connection, select(table), from, to, nth)) {
        forEach(query, entry -> bounds.add(entry.key()));
      }
    }
    return bounds;
  }

  /** All changes are one transaction. */
  @Override
  public int apply(Connection connection, String table, List<Entry> entries, long nowMillis)
      throws SQLException {
    String sql =
        """
        MERGE INTO %s t
        USING (VALUES (CAST(? AS VARBINARY), CAST(? AS BIGINT), CAST(? AS BIGINT),
          CAST(? AS BIGINT), CAST(? AS VARBINARY)))
          s (key_bytes, version, expires_at, ends_at, row_bytes)
        ON t.key_bytes = s.key_bytes
        WHEN MATCHED AND (t.version <= s.version OR t.ends_at <= ?) THEN UPDATE SET
          version = s.version, expires_at = s.expires_at, ends_at = s.ends_at,
          row_bytes = s.row_bytes
        WHEN NOT MATCHED THEN INSERT (key_bytes, version, expires_at, ends_at, row_bytes)
          VALUES (s.key_bytes, s.version, s.expires_at, s.ends_at, s.row_bytes)
        """
            .formatted(quoted(table));
    connection.setAutoCommit(false);
    int applied = 0;
    try (PreparedStatement merge = connection.prepareStatement(sql)) {
      for (Entry entry : entries) {
        merge.setBytes(1, entry.key());
        merge.setLong(2, entry.version());
        merge.setLong(3, entry.expiresAtMillis());
        merge.setLong(4, entry.endsAtMillis());
        merge.setBytes(5, entry.row());
        merge.setLong(6, nowMillis);
        merge.addBatch();
      }
      applied = entries.isEmpty() ? 0 : Arrays.stream(merge.executeBatch()).sum();
    }
    connection.commit();
    connection.setAutoCommit(true);
    return applied;
  }

  @Override
  public void sweep(Connection connection, String table, long nowMillis, int most)
      throws SQLException {
    execute(
        connection,
        "DELETE FROM %s WHERE ends_at <= %d FETCH FIRST %d ROWS ONLY"
            .formatted(quoted(table), nowMillis, most));
  }

  /**
   * What H2 allows for the name of an index, which contains that of its table. H2 creates a table
   * with a longer name, but then opens the database never again.
   */
  @Override
  public int maxName() {
    return 256 - INDEX_PREFIX.length();
  }

  /** What H2 allows for a VARBINARY. */
  @Override
  public int maxBytes() {
    return 1_048_576;
  }

  private static String select(String table) {
    return "SELECT key_bytes, version, expires_at, ends_at, row_bytes FROM " + quoted(table);
  }

  private static PreparedStatement range(
      Connection connection, String select, byte[] from, byte @Nullable [] to, String end)
      throws SQLException {
    String sql = select + " WHERE key_bytes >= ?" + (to == null ? "" : " AND key_bytes < ?") + end;
    PreparedStatement query = connection.prepareStatement(sql);
    query.setBytes(1, from);
    if (to != null) {
      query.setBytes(2, to);
    }
    return query;
  }

  private static void forEach(PreparedStatement query, Consumer<Entry> found) throws SQLException {
    ResultSet rows = query.executeQuery();
    while (rows.next()) {
      found.accept(
          new Entry(
              rows.getBytes(1),
              rows.getLong(2),
              rows.getLong(3),
              rows.getLong(4),
              rows.getBytes(5)));
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
