package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description of the package says of each class which concept it belongs to. */
class PackageDescriptionTest {

  private static final Pattern LINK =
      Pattern.compile("\\{@link\\s+(?:\\*\\s+)?(?:io\\.dimstore\\.hbaseredis\\.)?(\\w+)}");

  @Test
  void everyClassHasItsPlaceInTheDescription() throws IOException {
    Path sources =
        Path.of(
            System.getProperty("dimstore.home"),
            "dim-store/hbase-redis/src/main/java/io/dimstore/hbaseredis");
    Set<String> described =
        LINK.matcher(Files.readString(sources.resolve("package-info.java")))
            .results()
            .map((MatchResult link) -> link.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.list(sources)) {
      assertThat(described)
          .as("classes named in package-info.java")
          .containsExactlyElementsOf(
              files
                  .map(file -> file.getFileName().toString().replace(".java", ""))
                  .filter(name -> !name.equals("package-info"))
                  .sorted()
                  .toList());
    }
  }
}
