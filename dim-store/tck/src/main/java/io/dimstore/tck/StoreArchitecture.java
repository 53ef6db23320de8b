package io.dimstore.tck;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.dimstore.spi.DimensionStoreFactory;
import java.util.Set;

/** What every store module must look like from outside. */
public final class StoreArchitecture {

  private StoreArchitecture() {}

  /**
   * Asserts that of a store's package, sub-packages included, nothing is public but the factory: so
   * that a store is reached by its name alone and can change inside.
   *
   * @param storePackage for instance {@code io.dimstore.memory}
   * @param alsoPublic simple names of the classes that users of this one store need besides
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
                    && !c.isAssignableTo(DimensionStoreFactory.class)
                    && !allowed.contains(c.getSimpleName()));
    ArchRuleDefinition.classes()
        .that(internal)
        .should()
        .notBePublic()
        .allowEmptyShould(true)
        .because("a store is reached by its name alone")
        .check(classes);
  }
}
