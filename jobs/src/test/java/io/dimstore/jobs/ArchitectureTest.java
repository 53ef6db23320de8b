// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.dimstore.jobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule programsAndStoresAreNotUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dimstore.writer..",
              "io.dimstore.features..",
              "io.dimstore.bench..",
              "io.dimstore.events..",
              "io.dimstore.cli..",
              "io.dimstore.memory..",
              "io.dimstore.hbaseredis..",
              "io.dimstore.dynamodb..");

  @ArchTest
  static final ArchRule packagesBelowDoNotUseOneAnother =
      slices().matching("io.dimstore.jobs.(*)..").should().notDependOnEachOther();
}
