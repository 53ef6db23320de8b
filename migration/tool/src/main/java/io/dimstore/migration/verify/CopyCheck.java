// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.store.Calls;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The comparison of a table's copies with its system of record, such as Redis with HBase. {@code
 * examined} is the sum of {@code inStep}, {@code notCopied}, {@code changed} and the differences.
 *
 * @param examined keys that were compared
 * @param inStep keys whose copy equals the system of record
 * @param notCopied keys that have no copy
 * @param changed keys that were written each time they were compared
 * @param differences keys whose copy differs, by kind
 * @param different all keys whose copy differs
 * @param examples some of them
 */
public record CopyCheck(
    long examined,
    long inStep,
    long notCopied,
    long changed,
    Map<Maintenance.Difference.Kind, Long> differences,
    long different,
    List<Example> examples) {

  /** A key whose copy differs. */
  public record Example(String key, Maintenance.Difference.Kind kind) {}

  static CopyCheck of(
      Maintenance copies, VerifySettings settings, Calls calls, VerifyListener listener)
      throws InterruptedException {
    long examined = 0;
    long inStep = 0;
    long notCopied = 0;
    long changed = 0;
    long different = 0;
    Map<Maintenance.Difference.Kind, Long> kinds = new TreeMap<>();
    List<Example> examples = new ArrayList<>();
    for (ScanSplit split : calls.await(() -> copies.checkSplits(settings.splits()))) {
      for (ScanSplit rest = split; rest != null; ) {
        ScanSplit current = rest;
        CheckPage page = calls.await(() -> copies.check(current, settings.pageSize(), false));
        examined += page.examined();
        inStep += page.inStep();
        notCopied += page.notCopied();
        changed += page.changed();
        different += page.differences().size();
        for (Maintenance.Difference difference : page.differences()) {
          kinds.merge(difference.kind(), 1L, Long::sum);
          if (examples.size() < settings.maxExamples()) {
            examples.add(new Example(difference.key().toString(), difference.kind()));
          }
        }
        listener.progress(VerifyListener.Step.COPIES, examined, -1);
        rest = page.remaining();
      }
    }
    return new CopyCheck(
        examined, inStep, notCopied, changed, kinds, different, List.copyOf(examples));
  }
}
