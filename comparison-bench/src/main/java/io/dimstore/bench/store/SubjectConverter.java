// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.fixture.BenchSubject;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a subject's id, in any case, and lists the ids for the help text. */
final class SubjectConverter implements ITypeConverter<BenchSubject>, Iterable<String> {

  @Override
  public BenchSubject convert(String value) {
    String wanted = value.strip().toLowerCase(Locale.ROOT);
    return BenchSubject.all().stream()
        .filter(subject -> subject.id().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("must be one of " + String.join(", ", ids())));
  }

  private static List<String> ids() {
    return BenchSubject.all().stream().map(BenchSubject::id).toList();
  }

  @Override
  public Iterator<String> iterator() {
    return ids().iterator();
  }
}
