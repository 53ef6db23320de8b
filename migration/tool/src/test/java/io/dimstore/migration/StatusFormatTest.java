// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.spi.DimensionStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status for programs. */
class StatusFormatTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private MovingTable moving;
  private DimensionStore target;

  @BeforeEach
  void declare() throws Exception {
    moving = new MovingTable(folder, "memory");
    target = moving.openTarget();
  }

  @AfterEach
  void close() {
    target.close();
    moving.close();
  }

  @Test
  void jsonIsAllThatIsPrinted() throws Exception {
    moving.expect(0, "plan", "--propagation=10ms");
    JsonNode printed = printedJson(0);
    assertThat(printed.at("/state/phase").asText()).isEqualTo("PLANNED");
    assertThat(printed.at("/gates")).hasSize(9);
    Path file = folder.resolve("status.json");
    int before = moving.out().length();
    moving.expect(0, "status", "--format=table", "--json=" + file);
    assertThat(moving.out().substring(before)).contains("dim_moving: phase planned, since ");
    JsonNode written = JSON.readTree(file.toFile());
    assertThat(written.path("state")).isEqualTo(printed.path("state"));
    assertThat(written.fieldNames()).toIterable().containsExactlyElementsOf(printed::fieldNames);
  }

  @Test
  void nothingIsPrintedWithoutAMigration() throws Exception {
    moving.expect(3, "status", "--format=json");
    assertThat(moving.out()).isEmpty();
    assertThat(moving.err()).contains("There is no migration of dim_moving");
  }

  private JsonNode printedJson(int exitCode) throws Exception {
    int before = moving.out().length();
    moving.expect(exitCode, "status", "--format=json");
    return JSON.readTree(moving.out().substring(before));
  }
}
