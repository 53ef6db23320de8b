// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Checks that the sub-packages of a module are layers, which also rules out cycles. */
public final class PackageLayers {

  private PackageLayers() {}

  /**
   * Asserts that each package uses only packages of the layers below its own.
   *
   * @param root for instance {@code io.dimstore.memory}
   * @param layers from top to bottom; each names its packages relative to the root, separated by
   *     spaces, and {@code .} is the root itself. Packages of one layer may not use each other.
   * @throws AssertionError naming each forbidden dependency, or each package that no layer names
   */
  public static void check(String root, String... layers) {
    Map<String, Integer> depths = new HashMap<>();
    for (int depth = 0; depth < layers.length; depth++) {
      for (String name : layers[depth].split(" ")) {
        depths.put(name.equals(".") ? root : root + "." + name, depth);
      }
    }
    TreeSet<String> unnamed = new TreeSet<>();
    List<String> forbidden = new ArrayList<>();
    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(root)) {
      Integer depth = depths.get(each.getPackageName());
      if (depth == null) {
        unnamed.add(each.getPackageName());
        continue;
      }
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getPackageName();
        Integer other = depths.get(target);
        if (other != null && other <= depth && !target.equals(each.getPackageName())) {
          forbidden.add(dependency.getDescription());
        }
      }
    }
    if (!unnamed.isEmpty()) {
      throw new AssertionError("No layer names these packages: " + unnamed);
    }
    if (!forbidden.isEmpty()) {
      throw new AssertionError(
          "Packages use their own layer or one above:\n" + String.join("\n", forbidden));
    }
  }
}
