// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The old store is switched off after the migration, and the records of the new one remain. */
@Timeout(120)
class WithoutOldStoreTest {

  private static final String OLD = "downable-memory";

  @TempDir Path folder;

  @Test
  void statusAndCertificateNeedOnlyTheNewStoreAfterFinish() throws Exception {
    try (MovingTable moving = new MovingTable(folder, OLD, "memory")) {
      try (DimensionStore old = moving.openOld()) {
        old.table(moving.spec())
            .write(List.of(new Put(Key.of("k"), Row.of(1L), 1)))
            .toCompletableFuture()
            .join();
      }
      moving.expect(0, "plan", "--propagation=10ms");
      moving.expect(0, "preflight", "--all-writers-use-dimstore");
      moving.expect(0, "start");
      moving.expect(0, "backfill", "--impact-factor=0");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "cutover", "--force=ticket 4711");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "reverse");
      DownableMemoryFactory.takeDown(moving.sourceInstance());
      try {
        moving.expect(1, "status");
        moving.expect(0, "certificate");
        assertThat(moving.out()).contains("FORCED: ticket 4711");
      } finally {
        DownableMemoryFactory.bringBack(moving.sourceInstance());
      }
      moving.expect(0, "finish");
      DownableMemoryFactory.takeDown(moving.sourceInstance());
      try {
        Path json = folder.resolve("status.json");
        Path html = folder.resolve("status.html");
        moving.expect(0, "status", "--json=" + json, "--html=" + html);
        assertThat(moving.out())
            .contains("phase finished", "primary TO, other side UNUSED", "it may be gone");
        JsonNode status = new ObjectMapper().readTree(json.toFile());
        assertThat(status.at("/state/phase").asText()).isEqualTo("FINISHED");
        assertThat(status.path("gates")).isEmpty();
        assertThat(status.path("log").toString()).contains("ticket 4711");
        assertThat(Files.readString(html)).contains("They are in the certificate");
        moving.expect(0, "certificate", "--json=" + folder.resolve("certificate.json"));
        moving.expect(0, "certificate", "--check=" + folder.resolve("certificate.json"));
      } finally {
        DownableMemoryFactory.bringBack(moving.sourceInstance());
      }
    }
  }
}
