// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.dimstore.features",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theOracleSharesNoCodeWithTheJob =
      noClasses()
          .that()
          .resideInAPackage("io.dimstore.features.oracle")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dimstore.features", "io.dimstore.features.rules", "org.apache.flink..");

  @ArchTest
  static final ArchRule theJobDoesNotAskTheOracle =
      noClasses()
          .that()
          .resideInAnyPackage("io.dimstore.features", "io.dimstore.features.rules")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dimstore.features.oracle");

  @ArchTest
  static final ArchRule theRulesKnowNothingOfTheJob =
      noClasses()
          .that()
          .resideInAPackage("io.dimstore.features.rules")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dimstore.features");

  @ArchTest
  static final ArchRule storesAreFoundByNameAlone =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.dimstore.memory..", "io.dimstore.hbaseredis..", "io.dimstore.dynamodb..");

  @ArchTest
  static final ArchRule theOperatorsAreNoInterfaceOfOurs =
      classes()
          .that()
          .haveNameMatching(".*features\\.[A-Za-z]*(Function|History|Serializer|Parser)")
          .should()
          .bePackagePrivate();
}
