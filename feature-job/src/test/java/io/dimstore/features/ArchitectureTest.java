// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(
    packages = "io.dimstore.features",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule oracleSharesNoCodeWithTheJob =
      noClasses()
          .that()
          .resideInAPackage("io.dimstore.features.oracle")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dimstore.features",
              "io.dimstore.features.job",
              "io.dimstore.features.lookback",
              "io.dimstore.features.rules",
              "io.dimstore.features.input",
              "org.apache.flink..");

  @ArchTest
  static final ArchRule jobDoesNotUseTheOracle =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.dimstore.features.oracle")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dimstore.features.oracle");

  /** Among others, this forbids the packages of stores: a store is found by its name. */
  @ArchTest
  static final ArchRule onlyCommandLineAndJobsAreUsed =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.dimstore..")
                  .and(
                      resideOutsideOfPackages(
                          "io.dimstore.features..", "io.dimstore.cli..", "io.dimstore.jobs..")));

  @ArchTest
  static final ArchRule operatorsAreNotPublic =
      classes()
          .that()
          .haveNameMatching(
              ".*features\\.(input|lookback)\\.[A-Za-z]*(Function|History|Serializer|Parser)")
          .should()
          .bePackagePrivate();

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check("io.dimstore.features", ".", "job", "lookback rules oracle", "input");
  }
}
