// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The Maven modules of this project, and which of them other projects use. */
final class PublishedModules {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  private PublishedModules() {}

  /**
   * A module as its own {@code pom.xml} describes it.
   *
   * @param folder the folder of its {@code pom.xml}
   * @param pom the root element of its {@code pom.xml}
   */
  record Module(Path folder, Element pom) {

    String artifact() {
      return text(pom, "artifactId");
    }

    /** Returns the artifact of the module whose settings this one inherits; empty for the BOM. */
    String parent() {
      return children(pom, "parent")
          .map(parent -> text(parent, "artifactId"))
          .findFirst()
          .orElse("");
    }

    /** Returns what the module says about its deployment itself; empty if it says nothing. */
    String deploySkip() {
      return children(pom, "properties")
          .flatMap(properties -> children(properties, "maven.deploy.skip"))
          .map(Node::getTextContent)
          .findFirst()
          .orElse("");
    }

    /** Returns this project's modules that a user of this one gets along with it. */
    List<String> dependencies() {
      return children(pom, "dependencies")
          .flatMap(dependencies -> children(dependencies, "dependency"))
          .filter(dependency -> text(dependency, "groupId").equals("io.dimstore"))
          .filter(dependency -> !List.of("test", "provided").contains(text(dependency, "scope")))
          .filter(dependency -> !text(dependency, "optional").equals("true"))
          .map(dependency -> text(dependency, "artifactId"))
          .toList();
    }
  }

  /** Returns all modules by artifact. */
  static Map<String, Module> all() throws IOException {
    Map<String, Module> modules = new TreeMap<>();
    try (Stream<Path> files = Files.walk(HOME, 3)) {
      for (Path file : files.filter(file -> file.endsWith("pom.xml")).toList()) {
        String name = HOME.relativize(file).toString();
        if (!name.startsWith("samples/") && !name.contains("target/")) {
          Module module = new Module(file.getParent(), parse(file));
          modules.put(module.artifact(), module);
        }
      }
    }
    return modules;
  }

  /** Returns the artifacts that the BOM lists, in its order. */
  static List<String> inBom() throws IOException {
    return children(parse(HOME.resolve("bom/pom.xml")), "dependencyManagement")
        .flatMap(management -> children(management, "dependencies"))
        .flatMap(dependencies -> children(dependencies, "dependency"))
        .map(dependency -> text(dependency, "artifactId"))
        .toList();
  }

  /** Returns whether {@code mvn deploy} publishes a module. */
  static boolean isDeployed(Module module, Map<String, Module> all) {
    for (Module at = module; at != null; at = all.get(at.parent())) {
      if (!at.deploySkip().isEmpty()) {
        return at.deploySkip().equals("false");
      }
    }
    return true;
  }

  private static Element parse(Path file) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(file.toFile())
          .getDocumentElement();
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(file.toString(), e);
    }
  }

  /** Returns the direct children of this name. */
  private static Stream<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child && child.getTagName().equals(name)) {
        found.add(child);
      }
    }
    return found.stream();
  }

  private static String text(Element parent, String name) {
    return children(parent, name)
        .map(child -> child.getTextContent().strip())
        .findFirst()
        .orElse("");
  }
}
