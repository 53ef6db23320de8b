// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.fixture.BenchSubject;
import java.util.Iterator;

/** Lists the operations of all subjects for the help text. */
final class OperationNames implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return BenchSubject.all().stream()
        .flatMap(
            subject ->
                subject.operations().stream()
                    .map(operation -> operation + " (" + subject.id() + ")"))
        .iterator();
  }
}
