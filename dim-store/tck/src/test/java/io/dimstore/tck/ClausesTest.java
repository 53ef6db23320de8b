// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import io.dimstore.tck.harness.Clause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that the enum, the SPI's Javadoc and the docs have the same texts of clauses. */
class ClausesTest {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));
  private static final Path DOC = HOME.resolve("docs/clauses.md");
  private static final Path SPI =
      HOME.resolve("dim-store/spi/src/main/java")
          .resolve(StoreException.class.getPackageName().replace('.', '/'));
  private static final String BEGIN = "-Dupdate=true -->\n";
  private static final String END = "<!-- end of clauses -->";

  /** {@code mvn -pl dim-store/tck test -Dtest=ClausesTest -Dupdate=true} updates the table. */
  @Test
  void tableInTheDocsEqualsTheEnum() throws IOException {
    String page = Files.readString(DOC);
    int begin = page.indexOf(BEGIN, page.indexOf("<!-- clauses:")) + BEGIN.length();
    String wanted = page.substring(0, begin) + table() + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("update")) {
      Files.writeString(DOC, wanted);
    }
    assertThat(DOC).as("run this test with -Dupdate=true to update it").hasContent(wanted);
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| clause | what must hold | needs |\n| --- | --- | --- |\n");
    for (Clause clause : Clause.values()) {
      table
          .append("| ")
          .append(clause.id())
          .append(" | ")
          .append(clause.sentence())
          .append(" | ")
          .append(clause.provocation().map(what -> "`" + what + "`").orElse(""))
          .append(" |\n");
    }
    return table.toString();
  }

  @Test
  void javadocOfTheSpiEqualsTheEnum() throws IOException {
    Map<String, String> written = new LinkedHashMap<>();
    for (String file :
        new String[] {
          "package-info.java",
          "ChangeFeed.java",
          "Maintenance.java",
          "SharedRecords.java",
          "StoredChanges.java",
          "RowUpdates.java"
        }) {
      written.putAll(clausesOf(Files.readString(SPI.resolve(file))));
    }
    Map<String, String> declared = new LinkedHashMap<>();
    for (Clause clause : Clause.values()) {
      declared.put(clause.id(), clause.sentence());
    }
    assertThat(written).isEqualTo(declared);
  }

  private static Map<String, String> clausesOf(String source) {
    String text =
        source
            .replaceAll("\\s*\\n \\* *", " ")
            .replaceAll("\\{@code ([^}]*)\\}", "`$1`")
            .replaceAll("\\s+", " ");
    Matcher matcher =
        Pattern.compile("<li><b>([RFMSCU]\\d+[a-z])</b> (.*?) ?(?=<li>|<ul>|</ul>)").matcher(text);
    Map<String, String> clauses = new LinkedHashMap<>();
    while (matcher.find()) {
      clauses.put(matcher.group(1), matcher.group(2));
    }
    return clauses;
  }
}
