// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.dimstore.memory",
    importOptions = ImportOption.DoNotIncludeTests.class)
class MemoryArchitectureTest {

  @ArchTest
  static final ArchRule storeDependsOnlyOnTheContract =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.dimstore.memory", "io.dimstore.spi..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule onlyTheFactoryAndMemoryStoresArePublic =
      classes()
          .that()
          .doNotBelongToAnyOf(MemoryStoreFactory.class, MemoryStores.class)
          .and()
          .areTopLevelClasses()
          .should()
          .notBePublic();
}
