// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.dimstore.spi", importOptions = ImportOption.DoNotIncludeTests.class)
class SpiArchitectureTest {

  @ArchTest
  static final ArchRule contractDependsOnlyOnTheJdk =
      classes()
          .that()
          .resideInAPackage("io.dimstore.spi")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.dimstore.spi", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule supportDependsOnlyOnTheContract =
      classes()
          .that()
          .resideInAPackage("io.dimstore.spi.support")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.dimstore.spi..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule onlyTheExceptionIsSerializable =
      classes()
          .that()
          .doNotBelongToAnyOf(StoreException.class)
          .and()
          .areNotEnums()
          .should()
          .notBeAssignableTo(java.io.Serializable.class);
}
