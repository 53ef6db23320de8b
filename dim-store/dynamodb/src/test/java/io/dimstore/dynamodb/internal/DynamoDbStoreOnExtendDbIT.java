// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import io.dimstore.dynamodb.DynamoDbHarness;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.dynamodb.ExtendDbServer;
import io.dimstore.stack.dynamodb.program.ExtendDb;
import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import software.amazon.awssdk.core.SdkGlobalTime;

/**
 * The conformance kit on a second server, which shares no code with the first one. It has no
 * PartiQL, so each row is written with a put.
 */
class DynamoDbStoreOnExtendDbIT extends DimensionStoreTck {

  @TempDir(factory = SharedMemory.class)
  static Path folder;

  private static ExtendDbServer server;

  @Override
  protected StoreHarness harness() {
    // The SDK remembers for the whole process how far a server's clock was ahead, and signs by it.
    // Another test in this process may have had a server whose clock is wrong.
    SdkGlobalTime.setGlobalTimeOffset(0);
    try {
      server = ExtendDbServer.start(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ExtendDbHarness(endpoint());
  }

  private static DynamoDbEndpoint endpoint() {
    return new DynamoDbEndpoint(
        new Endpoint(
            new Server("extenddb", "ExtendDB", 0),
            server.address().getPort(),
            Map.of(
                "address",
                server.address().toString(),
                "region",
                "us-east-1",
                "access-key",
                ExtendDb.ACCESS_KEY,
                "secret-key",
                ExtendDb.SECRET_KEY),
            Map.of()));
  }

  /**
   * A folder in memory where there is one: a server whose disk is busy answers that its database is
   * locked.
   */
  static final class SharedMemory implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
        throws IOException {
      Path memory = Path.of("/dev/shm");
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "dimstore-")
          : Files.createTempDirectory("dimstore-");
    }
  }

  /** The server verifies signatures, so that a proxy cannot change a request. */
  private static final class ExtendDbHarness extends DynamoDbHarness {

    ExtendDbHarness(DynamoDbEndpoint endpoint) {
      super(endpoint);
    }

    @Override
    public Map<Provocation, String> unsupportedProvocations() {
      Map<Provocation, String> all = new EnumMap<>(super.unsupportedProvocations());
      for (Provocation what :
          new Provocation[] {
            Provocation.PARTIAL_ANSWERS, Provocation.ONE_UNPROCESSED, Provocation.CHANGES_DROPPED
          }) {
        all.put(what, "the server verifies the signatures of requests");
      }
      return all;
    }

    @Override
    public Runnable provoke(Provocation what, TableSpec table) {
      if (unsupportedProvocations().containsKey(what)) {
        throw new UnsupportedOperationException(what + " cannot be provoked");
      }
      return super.provoke(what, table);
    }

    @Override
    public void close() {
      super.close();
      server.close();
    }
  }
}
