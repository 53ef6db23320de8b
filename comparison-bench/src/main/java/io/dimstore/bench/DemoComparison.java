// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import io.dimstore.migration.demo.FeatureComparison;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code compare} for {@code migrate demo}. */
public final class DemoComparison implements FeatureComparison {

  /** For the service loader. */
  public DemoComparison() {}

  @Override
  public int run(List<String> arguments, PrintWriter out, PrintWriter err) {
    List<String> all = new ArrayList<>(List.of("compare"));
    all.addAll(arguments);
    return BenchMain.commandLine().setOut(out).setErr(err).execute(all.toArray(String[]::new));
  }
}
