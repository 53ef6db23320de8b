// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks which packages of dimstore's other modules a module uses. */
public final class UsedPackages {

  private static final String PROJECT = "io.dimstore.";

  private UsedPackages() {}

  /**
   * Asserts that the classes of a module use only these packages and classes of other modules of
   * dimstore, and that each of them is used. Packages outside of {@code io.dimstore} are free.
   *
   * @param root the module's root package; its classes and those of its sub-packages are checked
   * @param allowed names of packages, each followed by {@code ..} if its sub-packages are allowed
   *     too, or of classes
   * @throws AssertionError naming each use of another class, or each allowed name without a use
   */
  public static void check(String root, String... allowed) {
    Set<String> unused = new LinkedHashSet<>(Arrays.asList(allowed));
    List<String> forbidden = new ArrayList<>();
    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(root)) {
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = topLevel(dependency.getTargetClass());
        if (!target.getName().startsWith(PROJECT) || covers(root + "..", target)) {
          continue;
        }
        boolean found = false;
        for (String name : allowed) {
          if (covers(name, target)) {
            unused.remove(name);
            found = true;
          }
        }
        if (!found) {
          forbidden.add(dependency.getDescription());
        }
      }
    }
    if (!forbidden.isEmpty()) {
      throw new AssertionError(
          "Classes of other modules are used that "
              + root
              + " may not use:\n"
              + String.join("\n", forbidden));
    }
    if (!unused.isEmpty()) {
      throw new AssertionError(root + " does not use these: " + unused);
    }
  }

  private static JavaClass topLevel(JavaClass named) {
    JavaClass one = named.getBaseComponentType();
    while (one.getEnclosingClass().isPresent()) {
      one = one.getEnclosingClass().get();
    }
    return one;
  }

  private static boolean covers(String name, JavaClass target) {
    if (name.endsWith("..")) {
      String parent = name.substring(0, name.length() - 2);
      return target.getPackageName().equals(parent)
          || target.getPackageName().startsWith(parent + ".");
    }
    return target.getPackageName().equals(name) || target.getName().equals(name);
  }
}
