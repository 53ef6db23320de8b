// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.dimstore.spi.DimensionStoreFactory;
import java.util.Set;

/** Checks the public classes of a store module. */
public final class StoreArchitecture {

  private StoreArchitecture() {}

  /**
   * Asserts that the factory is the only public class in a store's package and its sub-packages,
   * except {@code internal} ones. So users open a store only by its name, and its classes can
   * change.
   *
   * @param storePackage for instance {@code io.dimstore.memory}
   * @param alsoPublic simple names of further classes that users of this store need
   * @throws AssertionError naming each class that should be package-private
   */
  public static void onlyFactoryIsPublic(String storePackage, String... alsoPublic) {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(storePackage);
    if (classes.stream().noneMatch(c -> c.isAssignableTo(DimensionStoreFactory.class))) {
      throw new AssertionError("No store factory in package " + storePackage);
    }
    Set<String> allowed = Set.of(alsoPublic);
    DescribedPredicate<JavaClass> internal =
        DescribedPredicate.describe(
            "are neither a store factory nor one of " + allowed,
            c ->
                c.isTopLevelClass()
                    && !c.getPackageName().startsWith(storePackage + ".internal")
                    && !c.isAssignableTo(DimensionStoreFactory.class)
                    && !allowed.contains(c.getSimpleName()));
    ArchRuleDefinition.classes()
        .that(internal)
        .should()
        .notBePublic()
        .allowEmptyShould(true)
        .because("users open a store only by its name")
        .check(classes);
  }
}
