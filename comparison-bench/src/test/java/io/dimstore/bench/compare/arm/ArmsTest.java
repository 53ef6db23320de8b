// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.Server;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArmsTest {

  private static final String TEXT =
      """
      description=a third path
      store=third
      servers=redis
      option.url=redis://${redis.address}/${folder}
      """;

  @TempDir Path folder;

  @Test
  void armsAreFoundInFoldersAndJarsOnTheClassPath() throws Exception {
    Path classes = Files.createDirectories(folder.resolve("classes").resolve(Arms.FOLDER));
    Files.writeString(classes.resolve("in-folder.properties"), TEXT);
    Path jar = folder.resolve("store.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(Arms.FOLDER));
      out.putNextEntry(new JarEntry(Arms.FOLDER + "in-jar.properties"));
      out.write(TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      out.closeEntry();
    }
    URL[] classPath = {folder.resolve("classes").toUri().toURL(), jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classPath, null)) {
      assertThat(Arms.find(loader)).extracting(Arm::id).containsExactly("in-folder", "in-jar");
    }
  }

  @Test
  void placeholdersAreFilledWithTheServersSettings() throws Exception {
    Arm arm = arm(TEXT);
    assertThat(arm.servers()).extracting(Server::id).containsExactly("redis");

    ArmPlan plan =
        new Addresses(List.of(Endpoint.of("redis", 6379)), folder)
            .plan(arm, "kafka:9092", Topics.of("third"), 1);

    assertThat(plan.loadStoreOptions()).containsEntry("url", "redis://127.0.0.1:6379/" + folder);
  }

  /** H2 refuses {@code jdbc:h2:out/compare/h2}: "relative paths must be explicit". */
  @Test
  void theFolderOfPlaceholdersIsAbsolute() throws Exception {
    Path relative = Path.of("out", "compare");

    ArmPlan plan =
        new Addresses(List.of(), relative)
            .plan(
                arm("description=x\nstore=third\noption.url=jdbc:h2:${folder}/h2"),
                "kafka:9092",
                Topics.of("third"),
                1);

    assertThat(plan.loadStoreOptions())
        .containsEntry("url", "jdbc:h2:" + relative.toAbsolutePath() + "/h2");
  }

  @Test
  void mistakesInAFileAreNamed() {
    assertThatThrownBy(() -> arm(TEXT + "optoin.x=1"))
        .hasMessageContaining("third.properties")
        .hasMessageContaining("optoin.x");
    assertThatThrownBy(() -> arm(TEXT + "servers=postgres")).hasMessageContaining("'postgres'");
    assertThatThrownBy(() -> arm("description=x")).hasMessageContaining("'store' is missing");
    assertThatThrownBy(
            () ->
                new Addresses(List.of(), folder)
                    .plan(arm(TEXT), "kafka:9092", Topics.of("third"), 1))
        .hasMessageContaining("redis.address");
  }

  private static Arm arm(String text) throws Exception {
    Properties properties = new Properties();
    properties.load(new java.io.StringReader(text));
    return ArmFile.parse("third", properties);
  }
}
