// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.fixture.BenchSubject;
import io.dimstore.cli.NamedValues;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;

/** Parses a subject's id and lists the ids for the help text. */
final class SubjectConverter implements ITypeConverter<BenchSubject>, Iterable<String> {

  private final NamedValues<BenchSubject> subjects =
      new NamedValues<>(BenchSubject.all(), BenchSubject::id);

  @Override
  public BenchSubject convert(String value) {
    return subjects.convert(value);
  }

  @Override
  public Iterator<String> iterator() {
    return subjects.names().iterator();
  }
}
