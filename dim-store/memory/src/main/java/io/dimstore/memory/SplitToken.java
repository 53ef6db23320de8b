package io.dimstore.memory;

import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scans as text: {@code memory/1/table/columns/rows|all/from/to}, bytes in hexadecimal. */
final class SplitToken {

  private static final Pattern FORM =
      Pattern.compile(
          "memory/1/([^/]+)/((?:\\d{1,5}(?:\\.\\d{1,5})*)?)/(rows|all)/([0-9a-f]*)/([0-9a-f]*|end)");

  private SplitToken() {}

  static ScanSplit of(Scan scan) {
    byte[] to = scan.to();
    Projection columns = scan.columns();
    return new ScanSplit(
        String.join(
            "/",
            MemoryStoreFactory.ID,
            "1",
            URLEncoder.encode(scan.table(), StandardCharsets.UTF_8),
            IntStream.range(0, columns.size())
                .mapToObj(i -> Integer.toString(columns.index(i)))
                .collect(Collectors.joining(".")),
            scan.tombstones() ? "all" : "rows",
            HexFormat.of().formatHex(scan.from()),
            to == null ? "end" : HexFormat.of().formatHex(to)));
  }

  /**
   * The scan of a token.
   *
   * @throws StoreException INVALID for a token that this store did not write for this table
   */
  static Scan parse(TableSpec spec, ScanSplit split) {
    Matcher matcher = FORM.matcher(split.token());
    if (!matcher.matches()) {
      throw refused(split, "it is not of the form memory/1/table/columns/rows|all/from/to");
    }
    try {
      String table = URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8);
      if (!table.equals(spec.name())) {
        throw refused(split, "it belongs to table '" + table + "', not '" + spec.name() + "'");
      }
      return new Scan(
          table,
          columns(spec, matcher.group(2)),
          matcher.group(3).equals("all"),
          HexFormat.of().parseHex(matcher.group(4)),
          to(matcher.group(5)));
    } catch (IllegalArgumentException e) {
      throw refused(split, String.valueOf(e.getMessage()));
    }
  }

  private static Projection columns(TableSpec spec, String text) {
    int[] indexes =
        text.isEmpty()
            ? new int[0]
            : Arrays.stream(text.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
    int count = spec.values().size();
    for (int index : indexes) {
      if (index >= count) {
        throw new IllegalArgumentException("the table has " + count + " value columns");
      }
    }
    return Projection.of(indexes);
  }

  private static byte @Nullable [] to(String text) {
    return text.equals("end") ? null : HexFormat.of().parseHex(text);
  }

  private static StoreException refused(ScanSplit split, String why) {
    return StoreException.invalid("Split '" + split.token() + "' is refused: " + why);
  }
}
