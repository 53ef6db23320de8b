// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.settings;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.events.input.EventInput;
import io.dimstore.stack.StackOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * The settings of one comparison, as the user requested it.
 *
 * @param profile the name of the profile that determined the sizes
 * @param servers the servers of the arms, and Kafka
 * @param out the folder to write to. It is made absolute, because some stores put their files below
 *     it, and H2 refuses a relative path
 * @param pacedEvents the number of events at the end of the input that are sent at a fixed rate to
 *     measure latency; lower if the input has fewer than twice as many events
 * @param pacedPerSecond the rate of these events per second
 * @param commandLine the command line, with secrets masked
 */
public record CompareSettings(
    String profile,
    EventInput input,
    List<Arm> arms,
    StackOptions servers,
    Path out,
    long seed,
    int parallelism,
    int pacedEvents,
    int pacedPerSecond,
    String commandLine) {

  public CompareSettings {
    out = out.toAbsolutePath();
  }

  /** Returns how many of the input's events are sent at a fixed rate. */
  public int paced(int events) {
    return Math.min(pacedEvents, events / 2);
  }
}
