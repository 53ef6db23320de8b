package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of faults names the test that shows each line: they must be there. */
class FaultsPageTest {

  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+(?:IT|Test))(?:\\.(\\w+))?`");

  @Test
  void everyTestThatThePageNamesIsThere() throws IOException, ClassNotFoundException {
    Path page = Path.of(System.getProperty("dimstore.home"), "docs", "faults.md");
    Set<String> names = new LinkedHashSet<>();
    for (MatchResult found : NAME.matcher(Files.readString(page)).results().toList()) {
      Class<?> named = Class.forName(getClass().getPackageName() + "." + found.group(1));
      String method = found.group(2);
      if (method != null) {
        assertThat(Arrays.stream(named.getDeclaredMethods()).map(Method::getName))
            .as("methods of %s", found.group(1))
            .contains(method);
      }
      names.add(found.group());
    }
    assertThat(names).hasSizeGreaterThan(10);
  }
}
