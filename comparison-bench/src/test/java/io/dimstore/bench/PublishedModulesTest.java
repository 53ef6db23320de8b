// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.PublishedModules.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks that exactly those modules are published that other projects need: the ones that the BOM
 * lists, what these depend on, and the parents of all of them.
 */
class PublishedModulesTest {

  private static final Pattern EXAMPLE = Pattern.compile("(?m)^```(java|sql)$");

  @Test
  void deployedAreTheModulesOfTheBomAndWhatTheyNeed() throws IOException {
    Map<String, Module> all = PublishedModules.all();
    TreeSet<String> needed = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(PublishedModules.inBom());
    while (!open.isEmpty()) {
      String artifact = open.remove();
      if (!artifact.isEmpty() && needed.add(artifact)) {
        assertThat(all).as("modules").containsKey(artifact);
        open.addAll(all.get(artifact).dependencies());
        open.add(all.get(artifact).parent());
      }
    }
    assertThat(all.values().stream().filter(module -> PublishedModules.isDeployed(module, all)))
        .extracting(Module::artifact)
        .as("modules without maven.deploy.skip in their pom.xml")
        .containsExactlyInAnyOrderElementsOf(needed);
  }

  @Test
  void everyModuleOfTheBomHasAReadmeWithAnExample() throws IOException {
    Map<String, Module> all = PublishedModules.all();
    List<String> without = new ArrayList<>();
    for (String artifact : PublishedModules.inBom()) {
      var readme = all.get(artifact).folder().resolve("README.md");
      if (!Files.exists(readme) || !EXAMPLE.matcher(Files.readString(readme)).find()) {
        without.add(artifact);
      }
    }
    assertThat(without).isEmpty();
  }
}
