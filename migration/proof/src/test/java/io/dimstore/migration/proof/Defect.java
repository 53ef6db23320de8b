// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A defect that is planted into the product to see that the schedules find it: a setting, or edits
 * of the product's source, whose classes come first on the class path of all processes. If an edit
 * no longer applies, the run fails.
 */
enum Defect {
  /** The new store applies writes in the order of their arrival. */
  GUARD_REMOVED(Map.of("to.write-guard", "unguarded-last-write")),

  /** The backfill copies rows, and no deletes. */
  TOMBSTONE_NOT_COPIED(
      Sources.TOOL + "backfill/Backfill.java",
      Pattern.quote("new ScanOptions(from.spec().all(), null, null, true)"),
      "new ScanOptions(from.spec().all(), null, null, false)"),

  /**
   * A backfill that continues a split leaves pages out: one more than may have been in flight when
   * the one before it ended, since those may have been written.
   */
  RANGE_SKIPPED(
      Sources.TOOL + "backfill/Backfill.java",
      Pattern.quote("Deque<PageWriter.Pending> inFlight"),
      "for (SplitProgress known : ledger.progress(run)) { if (claim.token().equals(known.token())"
          + " && known.rows() > 0) { for (int i = 0; i <= settings.pagesInFlight(); i++)"
          + " { var lost = reader.next(); } } } Deque<PageWriter.Pending> inFlight"),

  /** The backfill copies rows without the time at which they expire. */
  EXPIRY_NOT_COPIED(
      Sources.TOOL + "backfill/PageWriter.java",
      Pattern.quote("calls.begin(() -> to.write(page.changes()))"),
      "calls.begin(() -> to.write(page.changes().stream().<Change>map(each ->"
          + " each instanceof io.dimstore.spi.Put put"
          + " ? new io.dimstore.spi.Put(put.key(), put.row(), put.version()) : each).toList()))"),

  /** The record of a pending write is removed before its row is copied. */
  INTENT_REMOVED_EARLY(
      Sources.MIRROR + "IntentReconciler.java",
      Pattern.quote(
          "return read(sourceRows, keys, pass)\n        .thenCompose(\n            held ->"),
      "return remove(pass).thenCompose(removed -> read(sourceRows, keys, pass))\n"
          + "        .thenCompose(held ->"),

  /** The reconciler copies what it has read at an earlier time. */
  STALE_ROW_RECONCILED(
      Sources.MIRROR + "IntentReconciler.java",
      Pattern.quote("return rows.read(readable)\n"),
      "return rows.read(readable).thenApply(found -> remembered(rows, found))\n",
      Pattern.quote("private final IntentLog log;"),
      """
      private static final Map<Key, Change> REMEMBERED =
          new java.util.concurrent.ConcurrentHashMap<>();

      private Map<Key, @Nullable Change> remembered(
          StoredRows rows, Map<Key, @Nullable Change> found) {
        Map<Key, @Nullable Change> old = new LinkedHashMap<>(found);
        if (rows == sourceRows) {
          found.forEach(
              (key, change) -> {
                if (change != null) {
                  Change first = REMEMBERED.putIfAbsent(key, change);
                  old.put(key, first == null ? change : first);
                }
              });
        }
        return old;
      }

      private final IntentLog log;\
      """),

  /**
   * A step goes on before all processes act on the mode that it has set. They read it so rarely
   * here that the next step can come before.
   */
  NO_WAIT_FOR_MODE(
      Map.of("mirror.mode.refresh", "15000 ms", "mirror.mode.validity", "25000 ms"),
      Sources.TOOL + "OpenMigration.java",
      Pattern.quote("for (long left = time.toNanos(); left > 0;"),
      "for (long left = 0; left > 0;"),

  /** The replication endpoint skips the deletes of columns. */
  DELETE_NOT_CARRIED(
      Sources.ENDPOINT + "Carrier.java",
      Pattern.quote("if (source.has(family)) {"),
      "if (source.has(family) && cell.getType() != Cell.Type.DeleteColumn) {"),

  /** A verification takes rows that only the new store has for equal. */
  EXTRA_ROWS_IGNORED(
      Sources.TOOL + "verify/Recheck.java",
      Pattern.quote("return target instanceof Delete && target.version() <= clock.millis()"),
      "return true"),

  /** A cut-over does not look at pending writes. */
  PENDING_WRITES_IGNORED(
      Sources.TOOL + "OpenMigration.java",
      Pattern.quote("return backlog.keys();"),
      "return backlog.keys() - backlog.keys();");

  /** Where the sources are. */
  private static final class Sources {

    private Sources() {}

    static final String TOOL = "migration/tool/src/main/java/io/dimstore/migration/";
    static final String MIRROR = "dim-store/mirror/src/main/java/io/dimstore/mirror/internal/";
    static final String ENDPOINT =
        "migration/hbase-endpoint/src/main/java/io/dimstore/migration/hbase/";
  }

  private final String file;
  private final List<String> edits;
  private final Map<String, String> settings;

  Defect(Map<String, String> settings) {
    this(settings, "");
  }

  Defect(String file, String... edits) {
    this(Map.of(), file, edits);
  }

  Defect(Map<String, String> settings, String file, String... edits) {
    this.settings = settings;
    this.file = file;
    this.edits = List.of(edits);
  }

  /** Returns the settings that a wave adds to those of a store, by the store's prefix. */
  Map<String, String> settings(String prefix) {
    Map<String, String> found = new TreeMap<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** Returns the classes of a run with all settings of this defect, but without it: none. */
  List<Path> leftOut() {
    if (edits.isEmpty()) {
      throw new IllegalStateException(
          "The defect " + this + " is a setting: take another one for -Dcontrol=true");
    }
    return List.of();
  }

  /** Compiles the edited source, and returns the folders with its classes. */
  List<Path> plant(Path folder) throws IOException {
    if (edits.isEmpty()) {
      return List.of();
    }
    Path home = Path.of(System.getProperty("dimstore.home"));
    String source = edited(Files.readString(home.resolve(file)));
    Path classes = Files.createDirectories(folder.resolve(name() + "-classes"));
    Path copy =
        Files.createDirectories(folder.resolve(name() + "-source"))
            .resolve(Path.of(file).getFileName());
    Files.writeString(copy, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjects(copy);
      List<String> options =
          List.of("-proc:none", "-g", "-d", classes.toString(), "-classpath", classPath(home));
      if (!compiler.getTask(messages, manager, null, options, null, units).call()) {
        throw new IllegalStateException("The defect " + this + " does not compile: " + messages);
      }
    }
    return List.of(classes);
  }

  /** The endpoint is compiled against the server's HBase, which is not on this JVM's class path. */
  private String classPath(Path home) throws IOException {
    String own = System.getProperty("java.class.path");
    if (!file.startsWith(Sources.ENDPOINT)) {
      return own;
    }
    List<String> all = new ArrayList<>();
    all.add(home.resolve("migration/hbase-endpoint/target/classes").toString());
    all.add(Files.readString(home.resolve("local-stack/hbase-server/target/classpath")).strip());
    all.add(own);
    return String.join(":", all);
  }

  private String edited(String source) {
    String text = source;
    for (int i = 0; i < edits.size(); i += 2) {
      Matcher matcher = Pattern.compile(edits.get(i)).matcher(text);
      long matches = matcher.results().count();
      if (matches != 1) {
        throw new IllegalStateException(
            "The defect %s cannot be planted into %s: '%s' matches %d times. Adapt it."
                .formatted(this, file, edits.get(i), matches));
      }
      text = matcher.reset().replaceFirst(Matcher.quoteReplacement(edits.get(i + 1)));
    }
    return text;
  }
}
