// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.dimstore.jobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /**
   * Among others, this forbids the internal packages of the connector, and the packages of stores:
   * a store is found by its name.
   */
  @ArchTest
  static final ArchRule onlyPublicPartOfConnectorAndContractAreUsed =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.dimstore..")
                  .and(
                      resideOutsideOfPackages(
                          "io.dimstore.jobs..",
                          "io.dimstore.flink",
                          "io.dimstore.flink.table",
                          "io.dimstore.spi..")));

  @ArchTest
  static final ArchRule packagesBelowDoNotUseOneAnother =
      slices().matching("io.dimstore.jobs.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule rootUsesNoPackageBelow =
      noClasses()
          .that()
          .resideInAPackage("io.dimstore.jobs")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dimstore.jobs.(*)..");
}
