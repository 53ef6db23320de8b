// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Backfill and verify are libraries: other programs than the command line use them. */
@AnalyzeClasses(
    packages = "io.dimstore.migration",
    importOptions = ImportOption.DoNotIncludeTests.class)
class MigrationArchitectureTest {

  @ArchTest
  static final ArchRule librariesNeedNeitherFlinkNorACommandLine =
      noClasses()
          .that()
          .resideInAnyPackage("..migration.hash", "..migration.store", "..backfill", "..verify")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "picocli..",
              "io.dimstore.cli..",
              "io.dimstore.jobs..",
              "io.dimstore.migration");

  @ArchTest
  static final ArchRule backfillAndVerifyAreIndependent =
      noClasses()
          .that()
          .resideInAPackage("..backfill")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..verify");
}
