// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.dimstore.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CliArchitectureTest {

  /** The stack command runs without the SPI on its class path. */
  @ArchTest
  static final ArchRule theSharedPartNeedsPicocliAlone =
      classes()
          .that()
          .resideInAPackage("io.dimstore.cli")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.dimstore.cli", "java..", "org.jspecify..", "picocli..");

  @ArchTest
  static final ArchRule optionsOfStoresNeedTheSpiBesides =
      classes()
          .that()
          .resideInAPackage("io.dimstore.cli.store")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.dimstore.cli..", "io.dimstore.spi..", "java..", "org.jspecify..", "picocli..");
}
