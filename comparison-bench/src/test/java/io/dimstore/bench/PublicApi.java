// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Lists what other projects can use of a module: its public classes outside of {@code internal}
 * packages, and their public and protected members, with the types that the compiler has written
 * into the class files.
 */
final class PublicApi {

  /** Methods of {@code Object} that a class may redefine without changing its contract. */
  private static final Set<String> OF_OBJECT = Set.of("equals", "hashCode", "toString");

  /** Methods that every enum has. */
  private static final Set<String> OF_ENUM = Set.of("values", "valueOf");

  private PublicApi() {}

  /** Returns the listing of the classes in a folder; empty if none is public. */
  static String of(Path classes) {
    StringBuilder api = new StringBuilder();
    ArchConfiguration.withThreadLocalScope(
        configuration -> {
          // The names are in the class files; the classes behind them are many.
          configuration.setResolveMissingDependenciesFromClassPath(false);
          new ClassFileImporter()
              .importPath(classes).stream()
                  .filter(PublicApi::isPublic)
                  .sorted(Comparator.comparing(JavaClass::getName))
                  .forEach(type -> append(type, api));
        });
    return api.toString();
  }

  private static boolean isPublic(JavaClass type) {
    if (type.isAnonymousClass()
        || type.isLocalClass()
        || type.getSimpleName().equals("package-info")
        || List.of(type.getPackageName().split("\\.")).contains("internal")) {
      return false;
    }
    for (Optional<JavaClass> at = Optional.of(type);
        at.isPresent();
        at = at.get().getEnclosingClass()) {
      if (!isVisible(at.get())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(HasModifiers part) {
    return (part.getModifiers().contains(JavaModifier.PUBLIC)
            || part.getModifiers().contains(JavaModifier.PROTECTED))
        && !part.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !part.getModifiers().contains(JavaModifier.BRIDGE);
  }

  private static void append(JavaClass type, StringBuilder api) {
    api.append(api.length() == 0 ? "" : "\n")
        .append(modifiers(type, type.isInterface()))
        .append(kind(type))
        .append(' ')
        .append(type.getName())
        .append(variables(type.getTypeParameters()));
    type.getSuperclass()
        .map(JavaType::getName)
        .filter(name -> !name.equals(Object.class.getName()) && !type.isRecord() && !type.isEnum())
        .ifPresent(name -> api.append(" extends ").append(name));
    if (!type.getInterfaces().isEmpty()) {
      api.append(type.isInterface() ? " extends " : " implements ")
          .append(names(type.getInterfaces()));
    }
    api.append('\n');
    Set<String> members = new TreeSet<>();
    for (JavaMember member : type.getMembers()) {
      if (isVisible(member) && !isOfEveryClass(type, member)) {
        members.add(member(type, member));
      }
    }
    members.forEach(member -> api.append("  ").append(member).append('\n'));
  }

  private static boolean isOfEveryClass(JavaClass type, JavaMember member) {
    return member instanceof JavaMethod
        && (OF_OBJECT.contains(member.getName())
            || (type.isEnum() && OF_ENUM.contains(member.getName())));
  }

  private static String kind(JavaClass type) {
    if (type.isAnnotation()) {
      return "@interface";
    }
    if (type.isInterface()) {
      return "interface";
    }
    if (type.isRecord()) {
      return "record";
    }
    return type.isEnum() ? "enum" : "class";
  }

  private static String member(JavaClass owner, JavaMember member) {
    String modifiers = modifiers(member, owner.isInterface());
    if (member instanceof JavaField field) {
      return modifiers + name(field.getType()) + " " + field.getName();
    }
    JavaCodeUnit code = (JavaCodeUnit) member;
    String variables = variables(code.getTypeParameters());
    String parameters =
        code.getParameterTypes().stream().map(PublicApi::name).collect(Collectors.joining(", "));
    String thrown =
        code.getThrowsClause().getTypes().stream()
            .map(JavaClass::getName)
            .collect(Collectors.joining(", "));
    return modifiers
        + (variables.isEmpty() ? "" : variables + " ")
        + (code instanceof JavaConstructor
            ? owner.getSimpleName()
            : name(code.getReturnType()) + " " + code.getName())
        + "("
        + parameters
        + ")"
        + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  /** All members of an interface are public, and its methods abstract unless they have a body. */
  private static String modifiers(HasModifiers part, boolean ofInterface) {
    List<String> words = new ArrayList<>();
    for (JavaModifier modifier :
        List.of(
            JavaModifier.PUBLIC,
            JavaModifier.PROTECTED,
            JavaModifier.ABSTRACT,
            JavaModifier.STATIC,
            JavaModifier.FINAL)) {
      boolean implied =
          ofInterface && (modifier == JavaModifier.ABSTRACT && part instanceof JavaClass);
      if (part.getModifiers().contains(modifier) && !implied) {
        words.add(modifier.name().toLowerCase(Locale.ROOT));
      }
    }
    return words.isEmpty() ? "" : String.join(" ", words) + " ";
  }

  private static String variables(List<? extends JavaTypeVariable<?>> variables) {
    return variables.isEmpty()
        ? ""
        : variables.stream()
            .map(
                variable ->
                    variable.getBounds().stream()
                            .allMatch(b -> b.getName().equals("java.lang.Object"))
                        ? variable.getName()
                        : variable.getName() + " extends " + names(variable.getBounds()))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String names(Collection<? extends JavaType> types) {
    return types.stream().map(PublicApi::name).collect(Collectors.joining(", "));
  }

  private static String name(JavaType type) {
    return type instanceof JavaClass array && array.isArray()
        ? name(array.getComponentType()) + "[]"
        : type.getName();
  }
}
