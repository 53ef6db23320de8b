// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the Markdown pages of the whole project: the links, the line length, and that each page
 * can be reached.
 */
class DocumentationTest {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  private static final int COLUMNS = 120;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  /** Fragments of generated pages. Their links are relative to the generated page. */
  private static final Path PAGE_SOURCES = HOME.resolve("docs/faults");

  @Test
  void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (String link : links(page)) {
        String problem = problem(page, link);
        if (problem != null) {
          broken.add(HOME.relativize(page) + ": " + link + ": " + problem);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void linesOfProseHaveAtMost120Columns() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Path page : pages()) {
      int number = 0;
      for (String line : prose(page)) {
        number++;
        // A link or a name that is longer than a line cannot be wrapped.
        if (line.codePointCount(0, line.length()) > COLUMNS && line.strip().contains(" ")) {
          wide.add(HOME.relativize(page) + ":" + number + ": " + line);
        }
      }
    }
    assertThat(wide).isEmpty();
  }

  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    Deque<Path> open = new ArrayDeque<>(List.of(HOME.resolve("README.md")));
    Set<Path> reached = new HashSet<>(open);
    while (!open.isEmpty()) {
      Path page = open.remove();
      for (String link : links(page)) {
        Path target = target(page, link);
        if (Files.isDirectory(target)) {
          inFolder(target).stream().filter(reached::add).forEach(open::add);
        } else if (target.toString().endsWith(".md") && reached.add(target)) {
          open.add(target);
        }
      }
    }
    Collection<Path> pages = new TreeSet<>(pages());
    pages.removeAll(reached);
    assertThat(pages).as("pages that no link from README.md leads to").isEmpty();
  }

  static Stream<Path> translations() throws IOException {
    return pages().stream().filter(page -> page.toString().endsWith(".zh.md"));
  }

  /** The text of the two differs. What is run, what it prints and what can be read on, must not. */
  @ParameterizedTest
  @MethodSource("translations")
  void pageInChineseHasTheSameCodeHeadingsAndLinks(Path chinese) throws IOException {
    Path english = english(chinese);

    assertThat(code(chinese)).isEqualTo(code(english));
    assertThat(levels(chinese)).isEqualTo(levels(english));
    assertThat(links(english)).contains(chinese.getFileName().toString());
    assertThat(links(chinese)).contains(english.getFileName().toString());
    assertThat(otherLinks(chinese)).containsExactlyInAnyOrderElementsOf(otherLinks(english));
  }

  private static Path english(Path chinese) {
    return chinese.resolveSibling(chinese.getFileName().toString().replace(".zh.md", ".md"));
  }

  /** Returns the lines of a page's code blocks without comments. */
  private static List<String> code(Path page) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(page));
    List<String> withoutFences = withoutFences(page);
    for (int i = 0; i < lines.size(); i++) {
      if (!withoutFences.get(i).isEmpty()) {
        lines.set(i, "");
      }
    }
    return lines.stream()
        .map(line -> line.replaceFirst("\\s+# .*", ""))
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** Returns the levels of a page's headings, in their order. */
  private static List<Integer> levels(Path page) throws IOException {
    return headingLines(page).stream().map(line -> line.indexOf(' ')).toList();
  }

  /**
   * Returns the links of a page without those to its translation. A link to a heading of the page
   * is returned as the number of the heading, as translations have other names for it.
   */
  private static List<String> otherLinks(Path page) throws IOException {
    String name = page.getFileName().toString().replaceFirst("(\\.zh)?\\.md$", "");
    List<String> anchors = headingLines(page).stream().map(DocumentationTest::anchor).toList();
    return links(page).stream()
        .filter(link -> !link.matches(Pattern.quote(name) + "(\\.zh)?\\.md"))
        .map(link -> link.startsWith("#") ? "#" + anchors.indexOf(link.substring(1)) : link)
        .toList();
  }

  private static String problem(Path page, String link) throws IOException {
    Path target = target(page, link);
    if (!Files.exists(target)) {
      return "no such file";
    }
    int hash = link.indexOf('#');
    if (hash < 0 || headings(target).contains(link.substring(hash + 1))) {
      return null;
    }
    return "no such heading";
  }

  private static Path target(Path page, String link) {
    String path = link.replaceFirst("#.*", "");
    return path.isEmpty() ? page : page.resolveSibling(path).normalize();
  }

  private static List<String> links(Path page) throws IOException {
    List<String> links = new ArrayList<>();
    for (String line : withoutFences(page)) {
      Matcher matcher = LINK.matcher(CODE.matcher(line).replaceAll("code"));
      while (matcher.find()) {
        if (!matcher.group(1).matches("[a-z]+:.*")) {
          links.add(matcher.group(1));
        }
      }
    }
    return links;
  }

  /** Returns the anchors of a page's headings, formed like GitHub's. */
  private static Set<String> headings(Path page) throws IOException {
    return headingLines(page).stream()
        .map(DocumentationTest::anchor)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> headingLines(Path page) throws IOException {
    return withoutFences(page).stream().filter(line -> line.startsWith("#")).toList();
  }

  private static String anchor(String heading) {
    String text = heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT);
    return text.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
  }

  /** Returns the lines of a page. Lines of tables, code blocks and comments are empty. */
  private static List<String> prose(Path page) throws IOException {
    return withoutFences(page).stream()
        .map(line -> line.strip().startsWith("|") || line.startsWith("<!--") ? "" : line)
        .toList();
  }

  private static List<String> withoutFences(Path page) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(page)) {
      boolean fence = line.strip().startsWith("```");
      lines.add(fenced || fence ? "" : line);
      fenced ^= fence;
    }
    return lines;
  }

  private static List<Path> pages() throws IOException {
    return inFolder(HOME).stream().filter(page -> !page.startsWith(PAGE_SOURCES)).toList();
  }

  private static List<Path> inFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !HOME.relativize(file).toString().matches("(.*/)?(target|\\.git)/.*"))
          .sorted()
          .toList();
    }
  }
}
