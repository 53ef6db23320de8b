package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicApiTest {

  @Test
  void nothingElseIsPublic() {
    List<String> open =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.dimstore.flink")
                .stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    assertThat(open)
        .containsExactly(
            "ArrivalTime",
            "DeadLetterRow",
            "DeclaredTable",
            "DimAsyncLookupFunction",
            "DimLookupFunction",
            "DimMetrics",
            "DimOptions",
            "DimTableFactory",
            "OptionsReference",
            "SqlScript",
            "SqlTemplate");
  }
}
