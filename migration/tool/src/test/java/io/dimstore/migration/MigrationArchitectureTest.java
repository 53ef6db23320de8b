// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.dimstore.tck.architecture.PackageLayers;
import io.dimstore.tck.architecture.UsedPackages;
import org.junit.jupiter.api.Test;

/** Backfill and verify are libraries: other programs than the command line use them. */
@AnalyzeClasses(
    packages = "io.dimstore.migration",
    importOptions = ImportOption.DoNotIncludeTests.class)
class MigrationArchitectureTest {

  @ArchTest
  static final ArchRule librariesNeedNeitherFlinkNorACommandLine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..migration.hash", "..migration.store", "..backfill", "..verify", "..measure")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "picocli..",
              "io.dimstore.cli..",
              "io.dimstore.jobs..",
              "io.dimstore.migration");

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.migration",
        ".",
        "step backfill verify measure replay",
        "certificate",
        "phase",
        "gate store hash");
  }

  /** Among others, this forbids the packages of stores: a store is found by its name. */
  @Test
  void ofOtherModulesOnlyPublicPartsAreUsed() {
    UsedPackages.check(
        "io.dimstore.migration",
        "io.dimstore.cli..",
        // The prices and the model of the cost, for a measured cost.
        "io.dimstore.forecast..",
        "io.dimstore.jobs..",
        "io.dimstore.mirror.control",
        "io.dimstore.spi..");
  }
}
