// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.hbase.NotServingRegionException;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.client.RetriesExhaustedException;
import org.apache.hadoop.hbase.client.RetriesExhaustedException.ThrowableWithExtraContext;
import org.apache.hadoop.hbase.ipc.CallTimeoutException;
import org.junit.jupiter.api.Test;

/** Failures in the shapes in which the asynchronous HBase client reports them. */
class FailuresTest {

  private static final IOException BUSY =
      new RegionTooBusyException("Over memstore limit=512.0M, regionName=abc, server=rs");

  /** As AsyncBatchRpcRetryingCaller makes it: the cause is the last of the errors. */
  private static StoreException exhausted(IOException... errors) {
    List<ThrowableWithExtraContext> all =
        List.of(errors).stream().map(e -> new ThrowableWithExtraContext(e, 1, "rs,1,1")).toList();
    return Failures.of(
        "HBase", new CompletionException(new RetriesExhaustedException(all.size(), all)));
  }

  @Test
  void batchWhoseLastAttemptMetABusyRegionIsThrottled() {
    StoreException failure = exhausted(new NotServingRegionException("moved"), BUSY);
    assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(failure)
        .hasMessage(
            "HBase: RegionTooBusyException Over memstore limit=512.0M, regionName=abc, server=rs");
  }

  @Test
  void batchWhoseAttemptsTheTimeLimitEndedIsATimeout() {
    StoreException failure = exhausted();
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(failure)
        .hasMessage(
            "HBase: RetriesExhaustedException Failed after attempts=1, exceptions: none is known:"
                + " the time limit ended the attempts");
    assertThat(exhausted(BUSY, new CallTimeoutException("1 ms")).kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void registryThatNoServerAnsweredIsUnavailable() {
    Throwable registry = new RetriesExhaustedException("masters", 1, List.of(BUSY));
    assertThat(Failures.of("HBase", registry).kind()).isEqualTo(Kind.UNAVAILABLE);
  }
}
